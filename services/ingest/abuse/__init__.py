"""Floods: limits shared by the replicas, bulkheads between channels, proof of work, slow clients. Nothing here looks at what is written:
a form letter sent ten thousand times is ten thousand submissions.
"""
