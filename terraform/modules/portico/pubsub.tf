# The news for the vendor's application. It makes its own subscription; the week is
# for a subscription that is made late, or that seeks back.
resource "google_pubsub_topic" "changes" {
  name                       = "${local.name}-changes"
  labels                     = local.labels
  message_retention_duration = "${7 * 24 * 3600}s"

  dynamic "message_storage_policy" {
    for_each = length(var.message_regions) > 0 ? [var.message_regions] : []
    content {
      allowed_persistence_regions = message_storage_policy.value
    }
  }

  depends_on = [time_sleep.apis]
}

# Events that could not be followed for days, until an operator has seen to them.
resource "google_pubsub_topic" "dead_letters" {
  name   = "${local.name}-dead-letters"
  labels = local.labels

  dynamic "message_storage_policy" {
    for_each = length(var.message_regions) > 0 ? [var.message_regions] : []
    content {
      allowed_persistence_regions = message_storage_policy.value
    }
  }

  depends_on = [time_sleep.apis]
}

resource "google_pubsub_subscription" "dead_letters" {
  name                       = "${local.name}-dead-letters"
  labels                     = local.labels
  topic                      = google_pubsub_topic.dead_letters.id
  message_retention_duration = "${31 * 24 * 3600}s"
  ack_deadline_seconds       = 60

  expiration_policy {
    ttl = ""
  }
}

resource "google_pubsub_topic_iam_member" "dead_letters" {
  topic  = google_pubsub_topic.dead_letters.id
  role   = "roles/pubsub.publisher"
  member = google_project_service_identity.pubsub.member
}

# Where `operator dead-letters replay` publishes them again.
resource "google_pubsub_topic" "replay" {
  name   = "${local.name}-replay"
  labels = local.labels

  dynamic "message_storage_policy" {
    for_each = length(var.message_regions) > 0 ? [var.message_regions] : []
    content {
      allowed_persistence_regions = message_storage_policy.value
    }
  }

  depends_on = [time_sleep.apis]
}
