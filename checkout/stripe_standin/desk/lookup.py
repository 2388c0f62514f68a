"""Objects by id, as the desk's actions ask for them."""

from ..world.store import Object
from ..world.world import World


def find(world: World, id: str) -> Object:
    """Raises ``LookupError`` when there is no such object."""
    item = world.store.find(id)
    if item is None:
        raise LookupError(f"There is no {id}.")
    return item
