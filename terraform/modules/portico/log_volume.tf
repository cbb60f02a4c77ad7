# Cloud Run logs each request as well, which the functions' own line says better. What went wrong is
# kept, because then two witnesses help.
resource "google_logging_project_exclusion" "requests" {
  name        = "${local.name}-requests"
  description = "Cloud Run's own log of requests that went well"

  filter = join(" AND ", [
    "resource.type=\"cloud_run_revision\"",
    "logName=\"projects/${var.project}/logs/run.googleapis.com%2Frequests\"",
    "resource.labels.service_name=(${join(" OR ", [for service in local.services : "\"${service}\""])})",
    "httpRequest.status<400",
  ])

  depends_on = [time_sleep.apis]
}
