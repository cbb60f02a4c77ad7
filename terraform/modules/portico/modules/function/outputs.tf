output "database_grant" {
  description = "What it may do with the database, for tests."
  value       = google_project_iam_member.database
}

output "email" {
  description = "Service account it runs as."
  value       = google_service_account.main.email
}

output "member" {
  description = "The same, as policies name it."
  value       = google_service_account.main.member
}

output "secret_grants" {
  description = "Which secrets it may read, for tests."
  value       = google_secret_manager_secret_iam_member.secret
}

output "service" {
  description = "The service, for tests; null without an image."
  value       = one(google_cloud_run_v2_service.main)
}

output "service_name" {
  description = "Name of the service; null without an image."
  value       = one(google_cloud_run_v2_service.main[*].name)
}

output "topic_grants" {
  description = "Where it may publish, for tests."
  value       = google_pubsub_topic_iam_member.publish
}
