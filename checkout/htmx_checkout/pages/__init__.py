"""What a shopper sees: the checkout page, the payment step, the order's status.

checkout     page, summary and payment: the views before the payment
status       return and status: the views after it
responses    `Reply`: one result as a whole page, a partial or JSON
order_state  the state of an order in a shopper's words
forms        the contact form
declines     a sentence for each reason for which a bank declines
"""
