"""
Chance without sequence: every draw is a hash of the seed, a business key and a question.

Asking twice gives the same answer, and asking in another order changes nothing.
"""

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from math import exp, log
from statistics import NormalDist
from typing import Final, TypeVar

T = TypeVar("T")

BASIS_POINTS: Final = 10_000
_NORMAL: Final = NormalDist()
_P90: Final = _NORMAL.inv_cdf(0.9)
_RANGE: Final = 2**64


class Draws:
    """The seeded oracle of one sandbox."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._key = str(seed).encode()

    def number(self, *key: str) -> int:
        """Return 64 bits that depend on the seed and the key alone."""
        digest = blake2b("\x1f".join(key).encode(), digest_size=8, key=self._key).digest()
        return int.from_bytes(digest, "big")

    def below(self, limit: int, *key: str) -> int:
        """Return a whole number from 0 to limit − 1."""
        return self.number(*key) % limit

    def between(self, low: int, high: int, *key: str) -> int:
        """Return a whole number from low to high, both included."""
        return low + self.below(high - low + 1, *key)

    def chance(self, basis_points: int, *key: str) -> bool:
        """Say yes in so many of ten thousand cases."""
        return self.below(BASIS_POINTS, *key) < basis_points

    def pick(self, options: Sequence[T], *key: str) -> T:
        """Choose one of the options, each as likely."""
        return options[self.below(len(options), *key)]

    def weighted(self, weights: Mapping[T, int], *key: str) -> T:
        """Choose one of the options by its weight."""
        left = self.below(sum(weights.values()), *key)
        for option, weight in weights.items():
            if left < weight:
                return option
            left -= weight
        raise ValueError("the weights of a choice are whole numbers above zero")

    def days(self, median: int, p90: int, *key: str) -> int:
        """Draw a lognormal number of days with the median and the 90th percentile given."""
        unit = (self.number(*key) + 0.5) / _RANGE
        sigma = log(p90 / median) / _P90
        return max(1, round(median * exp(sigma * _NORMAL.inv_cdf(unit))))

    def digits(self, length: int, *key: str) -> str:
        """Return so many decimal digits, the first not zero."""
        low = 10 ** (length - 1)
        return str(low + self.number(*key) % (9 * low))
