"""How Stripe's API is spoken: requests, parameters, keys, versions, errors, lists."""
