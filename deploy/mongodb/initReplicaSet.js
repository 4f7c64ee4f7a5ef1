// Run once by mongosh beside the first member of a set, over its loopback address: there, and only while there are no users, MongoDB
// asks for no password. Makes the set of SET and MEMBERS, then the administrator, and with SERVICE_USER=1 the service's user.
// Run again it changes nothing.
const { readFileSync } = require('node:fs');
const { SET, MEMBERS, SERVICE_USER, CONFIG_SERVER } = process.env;
const secret = (name) => readFileSync(`/run/secrets/${name}`, 'utf8').trim();
const admin = db.getSiblingDB('admin');

function authenticate() {
  try {
    return admin.auth('root', secret('mongodb_root_password')).ok === 1;
  } catch {
    return false;
  }
}

const isDone = authenticate();
try {
  rs.initiate({
    _id: SET,
    ...(CONFIG_SERVER === '1' ? { configsvr: true } : {}),
    members: MEMBERS.split(',').map((host, index) => ({ _id: index, host, priority: index === 0 ? 2 : 1 })),
  });
} catch (error) {
  if (!['AlreadyInitialized', 'Unauthorized'].includes(error.codeName)) throw error;
}
while (!db.hello().isWritablePrimary && !db.hello().primary) sleep(500);
// The other members have what the first of them has: the users are made there, and it is elected first by its priority.
while (!isDone && !db.hello().isWritablePrimary) sleep(500);
if (!isDone && CONFIG_SERVER !== '1') {
  admin.createUser({ user: 'root', pwd: secret('mongodb_root_password'), roles: ['root'] });
  authenticate();
}
if (!isDone && SERVICE_USER === '1') load('/scripts/serviceUser.js');
print(`${SET}: ${isDone ? 'was there already' : 'made'}`);
