# Whom the function runs as. It has no key, and only the roles below and those its caller gives.
resource "google_service_account" "main" {
  account_id   = var.account_id
  project      = var.project
  display_name = "Runs ${var.name}"
}

# There is no role on a single database, but a condition on it.
resource "google_project_iam_member" "database" {
  project = var.project
  role    = "roles/datastore.user"
  member  = google_service_account.main.member

  condition {
    title       = "Only the database ${var.database}"
    description = "Reads and writes documents of one database"
    expression  = "resource.name == \"projects/${var.project}/databases/${var.database}\""
  }
}

resource "google_pubsub_topic_iam_member" "publish" {
  for_each = var.topics

  topic  = each.value
  role   = "roles/pubsub.publisher"
  member = google_service_account.main.member
}

resource "google_secret_manager_secret_iam_member" "secret" {
  for_each = var.secrets

  secret_id = each.value.secret
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.main.member
}
