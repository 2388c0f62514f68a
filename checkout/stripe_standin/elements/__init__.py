"""What Stripe.js asks before it draws Elements; customer sessions."""
