"""The room's name in the database: Django's own messages have the plain one."""

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    """Messages to officials."""

    name = "zhengxin.messages"
    label = "officials_messages"
