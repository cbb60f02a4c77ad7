output "id" {
  description = "The subscription's whole name."
  value       = google_pubsub_subscription.main.id
}

output "name" {
  description = "Name of the subscription."
  value       = google_pubsub_subscription.main.name
}

output "subscription" {
  description = "The subscription, for tests."
  value       = google_pubsub_subscription.main
}
