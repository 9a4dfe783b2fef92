"""Counts of the events kept."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from analytics.storage import event_table


async def count_events(connection: AsyncConnection) -> dict[str, int]:
    """Count the events kept by type, as far as the grant reaches."""
    query = select(event_table.c.type, func.count()).group_by(event_table.c.type).order_by(event_table.c.type)
    return {row[0]: int(row[1]) for row in await connection.execute(query)}
