"""Put `custom_components` of this checkout in front of any other one of that name."""

import contextlib

with contextlib.suppress(ImportError):
    import custom_components  # noqa: F401
