"""The only folder with threads and sockets: serves the engine on the loopback."""
