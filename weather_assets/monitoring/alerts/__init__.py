"""What people are told of: standing conditions, the messages that follow from their coming and going, and the webhooks.

Belongs here: when something deserves a message and its words. Does not: when it is looked for (automation/).
"""
