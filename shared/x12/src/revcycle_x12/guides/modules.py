"""The list of guides. A new guide is one module and one line here."""

from revcycle_x12.guides import x212, x214, x217, x221a1, x222a1, x223a2, x224a2, x230, x231a1, x279a1

ALL = (
    x222a1.GUIDE,
    x223a2.GUIDE,
    x224a2.GUIDE,
    x221a1.GUIDE,
    x212.INQUIRY,
    x212.RESPONSE,
    x214.GUIDE,
    x217.REQUEST,
    x217.RESPONSE,
    x231a1.GUIDE,
    x230.GUIDE,
    x279a1.INQUIRY,
    x279a1.RESPONSE,
)
