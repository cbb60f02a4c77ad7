resource "google_cloud_run_v2_service" "main" {
  count = var.image == null ? 0 : 1

  name     = var.name
  project  = var.project
  location = var.region
  ingress  = var.ingress
  labels   = var.labels

  # It holds nothing. A service whose first revision does not become ready is tainted: protected, it could neither be
  # made again nor, by its variables, unprotected.
  deletion_protection = false

  # Cloud Run's own check would replace the signature of identity tokens, which the function itself
  # verifies, route by route.
  invoker_iam_disabled = true

  template {
    service_account                  = google_service_account.main.email
    timeout                          = "15s"
    max_instance_request_concurrency = var.concurrency
    # The generation that starts faster and needs less memory.
    execution_environment = "EXECUTION_ENVIRONMENT_GEN1"

    scaling {
      min_instance_count = 0
      max_instance_count = var.max_instances
    }

    containers {
      image = var.image

      ports {
        container_port = 8080
      }

      resources {
        limits            = { cpu = "1", memory = var.memory }
        cpu_idle          = true
        startup_cpu_boost = true
      }

      dynamic "env" {
        for_each = var.environment
        content {
          name  = env.key
          value = env.value
        }
      }

      dynamic "env" {
        for_each = var.secrets
        content {
          name = env.key
          value_source {
            secret_key_ref {
              secret  = env.value.secret
              version = env.value.version
            }
          }
        }
      }

      startup_probe {
        period_seconds    = 1
        timeout_seconds   = 1
        failure_threshold = 20
        http_get {
          path = "/health"
        }
      }

      # Seldom, because an idle instance pays for its probes.
      liveness_probe {
        period_seconds    = 60
        timeout_seconds   = 5
        failure_threshold = 3
        http_get {
          path = "/health"
        }
      }
    }
  }

  traffic {
    type    = "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST"
    percent = 100
  }

  lifecycle {
    # Who deployed last is not part of the configuration.
    ignore_changes = [client, client_version]

    postcondition {
      condition     = contains(self.urls, var.expected_url)
      error_message = "Cloud Run serves ${var.name} at ${join(", ", self.urls)} and not at ${var.expected_url}, which others are configured to call. Is `region` right?"
    }
  }

  # A first request before these would find its doors closed.
  depends_on = [
    google_project_iam_member.database,
    google_pubsub_topic_iam_member.publish,
    google_secret_manager_secret_iam_member.secret,
  ]
}
