"""Every object that the stand-in has made, by id and by kind.

Objects are plain dicts in the newest shape. A key with a leading underscore
is the stand-in's own note and is never shown to a client.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from typing import Any

Object = dict[str, Any]


class Store:
    def __init__(self) -> None:
        self.by_id: dict[str, Object] = {}
        self.by_kind: dict[str, dict[str, Object]] = {}
        self.arrived = 0

    def put(self, item: Object) -> Object:
        """Keep ``item`` under its id, in order of arrival, for cursors."""
        if "_order" not in item:
            self.arrived += 1
            item["_order"] = self.arrived
        self.by_id[item["id"]] = item
        self.by_kind.setdefault(item["object"], {})[item["id"]] = item
        return item

    def find(self, id: str) -> Object | None:
        return self.by_id.get(id)

    def get(self, kind: str, id: str) -> Object | None:
        return self.by_kind.get(kind, {}).get(id)

    def newest(self, kind: str) -> Iterator[Object]:
        return reversed(self.by_kind.get(kind, {}).values())

    def remove(self, item: Object) -> None:
        self.by_id.pop(item["id"], None)
        self.by_kind.get(item["object"], {}).pop(item["id"], None)


@contextmanager
def whole(item: Object) -> Iterator[None]:
    """All the changes made to ``item`` inside, or none of them when it raises."""
    before = deepcopy(item)
    try:
        yield
    except Exception:
        item.clear()
        item.update(before)
        raise


def public(item: Any) -> Any:
    """A deep copy without the stand-in's own notes.

    Metadata belongs to the client, underscores and all.
    """
    if isinstance(item, dict):
        return {
            key: dict(value) if key == "metadata" and value else public(value)
            for key, value in item.items()
            if not key.startswith("_")
        }
    if isinstance(item, list):
        return [public(value) for value in item]
    return item
