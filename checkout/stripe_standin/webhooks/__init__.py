"""Events, webhook endpoints, signatures and retries."""
