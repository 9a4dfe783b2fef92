"""Bytes to segments and back: delimiters, element texts, envelopes, findings. Nothing here knows a guide."""
