"""What gunicorn does the same way under ``serve`` and under a supervisor of your own."""

worker_class = "config.web_server.Worker"
threads = 8
# Longer than clients and proxies keep a connection that they do not use (5 to 60 seconds): else a
# request may be on its way at the moment in which the connection is closed, and gets no answer.
keepalive = 75
# Filters name many ids: the longest addresses that it takes at all.
limit_request_line = 8190
# Whom to believe about https is Django's to say (BEHIND_PROXY); of itself gunicorn would believe
# whoever comes from this machine.
forwarded_allow_ips = ""
