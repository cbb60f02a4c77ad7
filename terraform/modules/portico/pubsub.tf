# The news for the vendor's application. It makes its own subscription; the week is
# for a subscription that is made late, or that seeks back.
resource "google_pubsub_topic" "changes" {
  name                       = "${var.prefix}-changes"
  message_retention_duration = "${7 * 24 * 3600}s"

  depends_on = [google_project_service.main]
}

# Events that could not be followed for days, until an operator has seen to them.
resource "google_pubsub_topic" "dead_letters" {
  name = "${var.prefix}-dead-letters"

  depends_on = [google_project_service.main]
}

resource "google_pubsub_subscription" "dead_letters" {
  name                       = "${var.prefix}-dead-letters"
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
  name = "${var.prefix}-replay"

  depends_on = [google_project_service.main]
}
