# Written by scripts/terraform-docs.py of what modules/portico says.

module "portico" {
  source = "./modules/portico"

  providers = {
    google             = google
    google.marketplace = google.marketplace
    google-beta        = google-beta
  }

  accepted_roles                    = var.accepted_roles
  alert_channels                    = var.alert_channels
  alert_email                       = var.alert_email
  application_login_url             = var.application_login_url
  application_rate_limit_per_minute = var.application_rate_limit_per_minute
  application_signup_url            = var.application_signup_url
  application_url                   = var.application_url
  approval_policy                   = var.approval_policy
  budget                            = var.budget
  deletion_protection               = var.deletion_protection
  domain                            = var.domain
  environment                       = var.environment
  erase_after_days                  = var.erase_after_days
  existing_load_balancer            = var.existing_load_balancer
  firestore_database                = var.firestore_database
  firestore_location                = var.firestore_location
  google_client_id                  = var.google_client_id
  google_client_secret_version      = var.google_client_secret_version
  google_sign_in                    = var.google_sign_in
  grant_usage_role                  = var.grant_usage_role
  images                            = var.images
  late_usage                        = var.late_usage
  listing_url                       = var.listing_url
  load_balancer                     = var.load_balancer
  log_budget_mib_per_day            = var.log_budget_mib_per_day
  log_level                         = var.log_level
  marketplace_audiences             = var.marketplace_audiences
  marketplace_topic                 = var.marketplace_topic
  max_instances                     = var.max_instances
  message_regions                   = var.message_regions
  metrics                           = var.metrics
  objective_percent                 = var.objective_percent
  operators                         = var.operators
  paging_channels                   = var.paging_channels
  prefix                            = var.prefix
  procurement_provider              = var.procurement_provider
  products                          = var.products
  project                           = var.project
  rate_limit_per_minute             = var.rate_limit_per_minute
  reconcile_every_minutes           = var.reconcile_every_minutes
  region                            = var.region
  release                           = var.release
  runbook_url                       = var.runbook_url
  scheduler_region                  = var.scheduler_region
  secret_locations                  = var.secret_locations
  service_account_link              = var.service_account_link
  service_account_project_shared    = var.service_account_project_shared
  signup_form_fields                = var.signup_form_fields
  signup_mode                       = var.signup_mode
  support_url                       = var.support_url
  usage_callers                     = var.usage_callers
  usage_service_name                = var.usage_service_name
  usage_service_names               = var.usage_service_names
  user_labels                       = var.user_labels
  vendor_name                       = var.vendor_name
  zero_usage                        = var.zero_usage
}
