"""`python -m revcycle.cli`: the same as `revcycle`."""

from revcycle.cli import app

if __name__ == "__main__":
    app()
