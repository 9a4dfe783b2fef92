"""The people of a billing company at their worklists."""
