"""The transactional outbox: messages for the host, stored with what they are about.

stage    writes a message in the transaction that makes its fact true
deliver  calls the host's receivers, each once, and tries again
"""

from .stage import Name, add, add_first, deliver_later

__all__ = ["Name", "add", "add_first", "deliver_later"]
