"""How a budget is asked for: the words, the request fields, and what is known to be refused or ignored.

    asking.py      one condition's prompt and request fields, checked
    wording.py     prompts: the built-in ones, and filling in `{budget}` and `{problem}`
    fields.py      the fields that each control and style sends
    providers.py   what providers are known to refuse or to ignore, so that nothing is spent on finding out

Pure: values in, values out. Knows nothing of the network, of money or of how an answer is read. What is said here of
providers has its sources in `docs/controls.md`.
"""

from __future__ import annotations

from core.controls.asking import Asking, asking, effective_cap, warnings
from core.controls.fields import STYLES, field_name
from core.controls.wording import default_prompt, fill

__all__ = ["STYLES", "Asking", "asking", "default_prompt", "effective_cap", "field_name", "fill", "warnings"]
