# One image for web, worker, beat and the migration job; docker-compose.yml says which is which.
FROM python:3.13-slim

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    HABITUE_ENV=production \
    DATA_DIR=/var/lib/habitue \
    STATIC_ROOT=/srv/habitue-static

RUN useradd --system --user-group --create-home --home-dir /var/lib/habitue habitue
WORKDIR /app

# The packages change less often than the code: a layer of their own.
COPY requirements.lock .
RUN pip install --require-hashes -r requirements.lock

COPY . .
# Neither step needs a database; the keys are for this command only and sign nothing that lasts.
RUN python -m config.running.messages \
 && SECRET_KEY=only-while-building-and-signs-nothing CARD_SECRET=only-while-building-and-signs-no-card \
    python manage.py collectstatic --noinput --verbosity 0

USER habitue
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD ["python", "-m", "config.running.healthy"]
CMD ["granian", "--interface", "wsgi", "config.wsgi:application", "--host", "0.0.0.0", "--port", "8000", \
     "--workers", "2", "--blocking-threads", "4", "--respawn-failed-workers", "--log-level", "warning"]
