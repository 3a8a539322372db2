"""How gunicorn serves BudgetWatch in production: on the loopback, behind a proxy that holds the certificate."""

import os

wsgi_app = "budgetwatch.wsgi"
bind = os.environ.get("BUDGETWATCH_BIND", "127.0.0.1:8000")
# SQLite has one writer, and reading is quick: a few processes of a few threads serve a council.
workers = int(os.environ.get("BUDGETWATCH_WORKERS", "2"))
threads = 4
timeout = 30  # PDFs are made by the job worker, so no request takes long
graceful_timeout = 20
max_requests = 5_000  # a process is renewed now and then, so that nothing grows for ever
max_requests_jitter = 500
limit_request_line = 4_094
forwarded_allow_ips = "127.0.0.1"
control_socket_disable = True
accesslog = "-"
# No query strings in the log: they may hold what a person searched for.
access_log_format = '%(h)s %(u)s %(t)s "%(m)s %(U)s" %(s)s %(b)s %(L)s'
