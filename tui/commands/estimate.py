"""`thinktop estimate`: what a sweep would cost, before a cent is spent. What it does stands in `estimating`."""

from __future__ import annotations

from tui.cli.options import ConfigArgument, ConfigStoreOption, JsonOption, SetOption  # noqa: TC001 - cyclopts reads annotations at run time


def estimate(
    config: ConfigArgument = None,
    /,
    *,
    set_: SetOption = None,
    json: JsonOption = False,
    store: ConfigStoreOption = None,
) -> None:
    """Say what a sweep would take: requests, tokens, dollars (expected and at worst), time, and what the cap would cut.

    What earlier draws of the same model, control and budget took is looked up in the store; where there are none, a
    rule stands in, and is marked as assumed. Of a run that is begun already, only what is owed counts.
    """
    from tui.steering.estimating import print_estimate  # noqa: PLC0415 - `--help` does without

    print_estimate(config, set_ or [], store, as_json=json)
