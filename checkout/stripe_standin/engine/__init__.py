"""The whole API as one object without sockets, threads or a wall clock."""
