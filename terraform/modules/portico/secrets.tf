# The OAuth client's secret. Its value never passes through Terraform, so that no state holds it:
# README.md says how to add a version.
resource "google_secret_manager_secret" "google_client" {
  count = var.google_sign_in == "required" ? 1 : 0

  secret_id           = "${var.prefix}-google-client-secret"
  deletion_protection = var.deletion_protection

  replication {
    auto {}
  }

  depends_on = [google_project_service.main]
}
