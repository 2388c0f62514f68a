from django import template

register = template.Library()


@register.filter
def shouted(text):
    return f"{text}!"
