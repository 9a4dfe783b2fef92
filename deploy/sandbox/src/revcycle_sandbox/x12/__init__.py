"""The sandbox's edges: X12 read and written through the codec; nothing here decides anything."""
