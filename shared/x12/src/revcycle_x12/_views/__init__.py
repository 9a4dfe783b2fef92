"""Names for what stands in loops: view classes and the fields they are made of."""
