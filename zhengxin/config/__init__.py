"""Settings, urls, wsgi: the composition root."""
