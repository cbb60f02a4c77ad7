# Written by scripts/terraform-docs.py of what modules/portico says.

output "dashboard" {
  description = "Address of the dashboard."
  value       = module.portico.dashboard
}

output "dead_letters_subscription" {
  description = "For `operator dead-letters --subscription`."
  value       = module.portico.dead_letters_subscription
}

output "dns_record" {
  description = "Record to make at the domain's registrar; null without a load balancer."
  value       = module.portico.dns_record
}

output "events_topic" {
  description = "Topic on which the application hears of changes."
  value       = module.portico.events_topic
}

output "functions" {
  description = "The functions: where each is reached, at Cloud Run's address and for its callers, by which paths on the domain, whether it has been deployed and of which image. Scripts read the set from here."
  value       = module.portico.functions
}

output "google_sign_in_redirect_uris" {
  description = "Authorized redirect URIs of the OAuth client."
  value       = module.portico.google_sign_in_redirect_uris
}

output "hand_off_keys_url" {
  description = "Where the application gets the keys that verify the hand-off, which is also its `iss`."
  value       = module.portico.hand_off_keys_url
}

output "login_url" {
  description = "For Producer Portal: the login URL (SSO)."
  value       = module.portico.login_url
}

output "marketplace_subscription" {
  description = "Subscription by which the Marketplace's events arrive. null: set marketplace_topic, after the service accounts are linked in Producer Portal."
  value       = module.portico.marketplace_subscription
}

output "operator_environment" {
  description = "The environment of `operator`."
  value       = module.portico.operator_environment
}

output "registry" {
  description = "Where images are pushed to."
  value       = module.portico.registry
}

output "replay_topic" {
  description = "For `operator dead-letters replay --to`."
  value       = module.portico.replay_topic
}

output "scheduler_region" {
  description = "Where Cloud Scheduler's jobs are, for `operator doctor`."
  value       = module.portico.scheduler_region
}

output "service_account_link" {
  description = "For the application's developer: where links are asked for, and the audience of the identity token; null if it is not configured."
  value       = module.portico.service_account_link
}

output "service_accounts_to_link" {
  description = "For Producer Portal: service account → why it is linked. Access to the Procurement API and to the Marketplace's topic is given by this link alone: no IAM role gives it, and nothing here can."
  value       = module.portico.service_accounts_to_link
}

output "signup_url" {
  description = "For Producer Portal: the sign-up URL."
  value       = module.portico.signup_url
}

output "usage_report" {
  description = "For the application's developer: where usage is recorded, and the audience of the identity token; null without usage-based prices."
  value       = module.portico.usage_report
}
