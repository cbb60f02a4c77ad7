resource "google_pubsub_subscription" "main" {
  name                       = var.name
  labels                     = var.labels
  topic                      = var.topic
  ack_deadline_seconds       = 60
  message_retention_duration = "${7 * 24 * 3600}s"

  # A subscription that nobody delivers for a month would otherwise be deleted.
  expiration_policy {
    ttl = ""
  }

  retry_policy {
    minimum_backoff = "10s"
    maximum_backoff = "600s"
  }

  dead_letter_policy {
    dead_letter_topic     = var.push.dead_letters_topic
    max_delivery_attempts = 100
  }

  # Wrapped, which is the default: the function reads Pub/Sub's envelope.
  push_config {
    push_endpoint = var.push.endpoint

    oidc_token {
      service_account_email = var.push.identity
      audience              = var.push.audience
    }
  }
}
