"""Keys: read from the environment when they are needed, and kept nowhere else."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from core.errors import EndpointError

if TYPE_CHECKING:
    from core.vocabulary import Endpoint


def key_of(endpoint: Endpoint) -> str | None:
    """The endpoint's key, from the variable that its config names; None for a server without keys.

    Raises:
        EndpointError: the variable is not set.
    """
    if endpoint.api_key_env is None:
        return None
    key = os.environ.get(endpoint.api_key_env, "").strip()
    if not key:
        raise EndpointError(
            f"endpoint {endpoint.name}: the variable {endpoint.api_key_env} is not set; "
            f"put the key there: export {endpoint.api_key_env}=..."
        )
    return key
