"""Fields of requests that every service takes: amounts of money, within limits, as whole cents."""

from typing import Annotated

from pydantic import Field, Strict

from revcycle_kit.money import CENTS_MAX, Cents

AmountCents = Annotated[Cents, Strict(), Field(ge=-CENTS_MAX, le=CENTS_MAX)]
"""An amount that may be negative, in cents."""

PositiveCents = Annotated[Cents, Strict(), Field(gt=0, le=CENTS_MAX)]
"""An amount above zero, in cents."""

NonNegativeCents = Annotated[Cents, Strict(), Field(ge=0, le=CENTS_MAX)]
"""An amount that may be nothing but not below, in cents."""
