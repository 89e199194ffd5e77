"""A center at work: queues, the order cycle, backlogs, returns, and which center serves whom."""
