from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "The shop's own."

    def handle(self, *args, **options):
        self.stdout.write("The shop's own story of an order.")
