"""What the documentation takes from the code: the API reference and the loop trees of the guides."""
