"""Payment intents and setup intents, from creation to capture or cancellation."""
