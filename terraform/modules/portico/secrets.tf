# The OAuth client's secret. Its value never passes through Terraform, so that no state holds it:
# README.md says how to add a version.
resource "google_secret_manager_secret" "google_client" {
  count = var.google_sign_in == "required" ? 1 : 0

  secret_id           = "${local.name}-google-client-secret"
  labels              = local.labels
  deletion_protection = var.deletion_protection

  # Where it is kept cannot be changed: a secret from before is left where it is.
  replication {
    user_managed {
      dynamic "replicas" {
        for_each = local.secret_locations
        content {
          location = replicas.value
        }
      }
    }
  }

  lifecycle {
    ignore_changes = [replication]
  }

  depends_on = [time_sleep.apis]
}
