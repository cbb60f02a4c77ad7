variable "account_id" {
  description = "Id of its service account."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.account_id))
    error_message = "account_id must be 6 to 30 lower-case letters, digits and hyphens."
  }
}

variable "concurrency" {
  description = "Requests that one instance works on at a time."
  type        = number
  nullable    = false
}

variable "database" {
  description = "Firestore database it reads and writes."
  type        = string
  nullable    = false
}

variable "environment" {
  description = "Environment variables, none of them secret."
  type        = map(string)
  nullable    = false
}

variable "expected_url" {
  description = "Address at which others are configured to call it; Cloud Run must serve it there."
  type        = string
  nullable    = false
}

variable "image" {
  description = "Container image by digest. null: only the service account, no service yet."
  type        = string
  default     = null
}

variable "ingress" {
  description = "From where it can be reached, as Cloud Run names it."
  type        = string
  nullable    = false
}

variable "labels" {
  description = "Labels of the service."
  type        = map(string)
  nullable    = false
}

variable "max_instances" {
  description = "Upper bound of instances, which is a bound of costs too."
  type        = number
  nullable    = false
}

variable "memory" {
  description = "Memory of an instance, such as 128Mi."
  type        = string
  nullable    = false
}

variable "name" {
  description = "Name of the service."
  type        = string
  nullable    = false
}

variable "project" {
  description = "Project it runs in."
  type        = string
  nullable    = false
}

variable "region" {
  description = "Region it runs in."
  type        = string
  nullable    = false
}

variable "secrets" {
  description = "Environment variables that are secret: name → the secret and the version that holds the value."
  type        = map(object({ secret = string, version = string }))
  nullable    = false
}

variable "topics" {
  description = "Topics it publishes to, under any name."
  type        = map(string)
  nullable    = false
}
