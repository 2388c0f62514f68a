"""Do requests and answers fit the generated types of the installed stripe package?

hints       a value and a type hint
endpoints   which hints belong to a method and a path
form        a form body, as nested parts
recorder    listens at a stand-in's door and judges what passed
"""

from .recorder import Recorder

__all__ = ["Recorder"]
