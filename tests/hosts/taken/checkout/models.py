from django.db import models


class Order(models.Model):
    number = models.CharField(max_length=20, unique=True)
    total = models.DecimalField(max_digits=8, decimal_places=2)

    def __str__(self):
        return self.number


class Payment(models.Model):
    order = models.ForeignKey(Order, models.CASCADE, related_name="payments")
    stripe_id = models.CharField(max_length=64)

    def __str__(self):
        return self.stripe_id
