"""Before a transaction, and before a partner is called, the tenants' keys are fetched: a remote ring blocks nobody."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from revcycle_kit.delivery.messages import StreamRef
from revcycle_kit.testing.keys import ThrowawayKeys

ORDER, CLINIC = UUID(int=7), UUID(int=1)
STREAM = StreamRef("clinic", CLINIC, "encounter", ORDER)


class RemoteKeys(ThrowawayKeys):
    """A ring that counts who asks for keys that nobody fetched ahead."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[UUID] = []
        self.waited: list[UUID] = []

    def keys(self, tenant_id: UUID) -> Any:
        if tenant_id not in self.fetched:
            self.waited.append(tenant_id)
        return super().keys(tenant_id)

    async def preload(self, tenant_ids: Iterable[UUID]) -> None:
        self.fetched.extend(tenant_ids)


async def test_events_locals_effects_replies_and_commands_find_their_keys_fetched(shop: Any, events: Any) -> None:
    ring = RemoteKeys()
    shop.runtime.sealer._ring = ring
    await shop.hear("web", events.OrderPlaced(order_id=ORDER, amount_cents=500), STREAM)
    assert [CLINIC] == ring.fetched
    await shop.hear("bank", events.OrderPaid(order_id=ORDER, amount_cents=500), STREAM)
    await shop.settle()
    ring.fetched.clear()
    await shop.command(events.Discount(order_id=ORDER, cents=100), STREAM)

    [order] = await shop.documents("shop_order", ORDER)
    assert "shipped" == order.state
    assert [CLINIC] == ring.fetched
    assert [] == ring.waited
