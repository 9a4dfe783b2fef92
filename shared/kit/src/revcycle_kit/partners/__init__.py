"""Partners: whoever is called outside. One client, one table of what an answer means, three kinds of partner."""
