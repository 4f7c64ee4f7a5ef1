// The service's user may use its database and nothing else.
db.getSiblingDB('settlebot').createUser({
  user: 'settlebot',
  pwd: require('node:fs').readFileSync('/run/secrets/mongodb_password', 'utf8').trim(),
  roles: ['readWrite', 'dbAdmin'].map((role) => ({ role, db: 'settlebot' })),
});
